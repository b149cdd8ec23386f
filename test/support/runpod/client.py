# RunPod's Python client as its users write it. Says what it got, as JSON on the last line.
import asyncio
import json
import os
import sys
import aiohttp
import requests
import runpod
from runpod import AsyncioEndpoint

runpod.api_key = os.environ["RUNPOD_API_KEY"]
name = sys.argv[1]
endpoint = runpod.Endpoint(name)
got = {}

got["sync"] = endpoint.run_sync({"input": {"question": 1}}, timeout=60)
got["later"] = endpoint.run({"input": {"question": 2, "sleep": 1}}).output(timeout=60)
seed = endpoint.run_sync({"input": {"seed": 18446744073709551615}}, timeout=60)
got["seed"] = str(seed["echo"]["seed"])

failing = endpoint.run({"input": {"raise": "cannot"}})
failing.output(timeout=60)
got["failed"] = failing.status()

long = endpoint.run({"input": {"sleep": 60}})
long.cancel(timeout=30)
got["cancelled"] = long.status()
got["purged"] = endpoint.purge_queue(timeout=30)["status"]
got["health"] = sorted(endpoint.health(timeout=30))


async def ask():
    async with aiohttp.ClientSession() as session:
        job = await AsyncioEndpoint(name, session).run({"question": 3})
        return await job.output(timeout=60)


got["async"] = asyncio.run(ask())

stranger = runpod.Endpoint(name, api_key="3:1")
try:
    runpod.endpoint.runner.Job(name, long.job_id, stranger.rp_client).status()
    got["stranger"] = "saw it"
except requests.HTTPError as refused:
    got["stranger"] = str(refused.response.status_code)

print(json.dumps(got))
