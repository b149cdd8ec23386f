# Takes a job's stream by RunPod's Python client. Says what came, as JSON on the last line.
import json
import os
import sys
import runpod

runpod.api_key = os.environ["RUNPOD_API_KEY"]
job = runpod.Endpoint(sys.argv[1]).run({"input": {"parts": int(sys.argv[2])}})
print(json.dumps(list(job.stream())))
