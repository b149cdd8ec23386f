# A job of RunPod's Python client whose end is posted to a URL. Says its id, as JSON.
import json
import os
import sys
import runpod

runpod.api_key = os.environ["RUNPOD_API_KEY"]
asked = {"input": {"question": 5}, "webhook": sys.argv[2]}
print(json.dumps({"id": runpod.Endpoint(sys.argv[1]).run(asked).job_id}))
