# A worker as RunPod's users write them: what it does with a job, the job's input says.
import asyncio
import os
import runpod


async def handler(job):
    asked = job["input"]
    if "progress" in asked:
        runpod.serverless.progress_update(job, f"{asked['progress']} of it")
    if "sleep" in asked:
        await asyncio.sleep(asked["sleep"])
    if "raise" in asked:
        raise ValueError(asked["raise"])
    if "error" in asked:
        return {"error": asked["error"]}
    return {"echo": asked, "worker": os.environ["RUNPOD_POD_ID"]}


async def stream(job):
    for part in range(job["input"]["parts"]):
        await asyncio.sleep(0.01)
        yield {"part": part, "of": job["input"]["parts"]}


runpod.serverless.start(
    {
        "handler": stream if os.environ.get("STREAMS") else handler,
        "concurrency_modifier": lambda _: int(os.environ.get("JOBS_AT_ONCE", "1")),
        "return_aggregate_stream": bool(os.environ.get("STREAMS")),
    }
)
