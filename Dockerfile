# Bundler, paymaster and the commands of their operator (deploy, first-operation) in one image:
#   docker build --tag worldland-aa .
#   docker run --rm worldland-aa worldland-bundler --help
# compose.yaml and compose.node.yaml show how they are run; docs/operating.md tells the rest.

# To build, Node, npm and, where no prebuilt SQLite is to be had, Python and a C++ compiler must be there; to run, Node.
ARG BUILD_IMAGE=node:20-bookworm
ARG RUN_IMAGE=node:20-bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /opt/worldland-aa
# Dependencies before sources: they are fetched anew only when they change.
COPY package.json package-lock.json ./
COPY contracts/package.json contracts/
COPY sdk/package.json sdk/
COPY service/package.json service/
COPY bundler/package.json bundler/
COPY paymaster/package.json paymaster/
COPY paymaster/console/package.json paymaster/console/
COPY provider/package.json provider/
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run setup \
 && cp node_modules/@foundry-rs/anvil-linux-*/bin/anvil /usr/local/bin/anvil \
 && npm prune --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/better-sqlite3/deps node_modules/better-sqlite3/build/Release/obj* \
 && find node_modules */dist \( -name '*.ts' -o -name '*.map' -o -name '*.tsbuildinfo' -o -name '*.test.js' \) -delete \
 && chmod +x bundler/dist/main.js paymaster/dist/main.js

FROM ${RUN_IMAGE} AS run
ENV NODE_ENV=production \
    WORLDLAND_BUNDLER_HOST=0.0.0.0 \
    WORLDLAND_BUNDLER_DATA_FILE=/data/bundler.sqlite \
    WORLDLAND_PAYMASTER_HOST=0.0.0.0 \
    WORLDLAND_PAYMASTER_DATA_FILE=/data/paymaster.sqlite
WORKDIR /opt/worldland-aa
COPY --from=build /opt/worldland-aa/node_modules node_modules
# The deployment's commands find the contracts beside foundry.toml.
COPY --from=build /opt/worldland-aa/package.json /opt/worldland-aa/foundry.toml ./
COPY --from=build /opt/worldland-aa/contracts/package.json contracts/
COPY --from=build /opt/worldland-aa/contracts/artifacts contracts/artifacts
COPY --from=build /opt/worldland-aa/sdk/package.json sdk/
COPY --from=build /opt/worldland-aa/sdk/dist sdk/dist
COPY --from=build /opt/worldland-aa/service/package.json service/
COPY --from=build /opt/worldland-aa/service/dist service/dist
COPY --from=build /opt/worldland-aa/bundler/package.json bundler/
COPY --from=build /opt/worldland-aa/bundler/dist bundler/dist
COPY --from=build /opt/worldland-aa/paymaster/package.json paymaster/
COPY --from=build /opt/worldland-aa/paymaster/dist paymaster/dist
COPY --from=build /opt/worldland-aa/paymaster/console/dist paymaster/console/dist
COPY --from=build /opt/worldland-aa/scripts/dist scripts/dist
COPY deploy/healthy.mjs deploy/
# Volumes take over whose these folders are. Nothing else is written: a read-only root will do.
RUN ln -s /opt/worldland-aa/bundler/dist/main.js /usr/local/bin/worldland-bundler \
 && ln -s /opt/worldland-aa/paymaster/dist/main.js /usr/local/bin/worldland-paymaster \
 && mkdir /data /configuration && chown 1000:1000 /data /configuration
USER 1000:1000
VOLUME /data
EXPOSE 4337 4338
# SIGTERM stops a daemon in order, and it is process 1 itself.
HEALTHCHECK --interval=10s --timeout=20s --start-period=60s CMD ["node", "/opt/worldland-aa/deploy/healthy.mjs"]
CMD ["worldland-bundler", "--help"]

# The same with a chain to try it on: anvil at the London level.
FROM run AS devnet
COPY --from=build /usr/local/bin/anvil /usr/local/bin/anvil
USER root
RUN mkdir /chain && chown 1000:1000 /chain
USER 1000:1000

# What `docker build` makes when nobody names a stage.
FROM run
