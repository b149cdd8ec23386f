// What is shown where the console was not built: how to build it, and that the API is there all the same.
export const notBuiltPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The console is not built</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
  :root { color-scheme: light dark }
</style>
<h1>The console is not built</h1>
<p>The paymaster serves, but its console’s files are missing. In a clone, build them:</p>
<pre>npm run build --workspace paymaster/console</pre>
<p>and open this page again; no restart is needed. The published package has them.
The <a href="/api/v1/openapi.json">admin API</a> works without them.</p>
</html>
`
