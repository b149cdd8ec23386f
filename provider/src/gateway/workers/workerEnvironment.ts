// What a worker finds in its environment: all that an unmodified `runpod` package needs to speak to this gateway as it
// would to RunPod's.
export type WorkerAddress = {
  /** Of the worker door, as machines reach it: `http://172.20.0.1:4342`. */
  readonly doorUrl: string
  readonly endpointId: string
  readonly worker: string
  readonly secret: string
}

/** It pings so often; the package counts in milliseconds. */
export const pingMilliseconds = 5_000

/** The endpoint's own variables stand behind: nobody may send a worker elsewhere. */
export function workerEnvironment(
  address: WorkerAddress,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { doorUrl, endpointId, worker, secret } = address
  const base = `${doorUrl}/v2/${endpointId}`
  // The package puts `&…` behind its URLs without looking for a `?`, so each has a query from the start.
  const query = '?by=runpod'
  return {
    RUNPOD_PING_INTERVAL: String(pingMilliseconds),
    ...own,
    RUNPOD_ENDPOINT_ID: endpointId,
    RUNPOD_POD_ID: worker,
    RUNPOD_POD_HOSTNAME: worker,
    RUNPOD_AI_API_KEY: secret,
    RUNPOD_WEBHOOK_GET_JOB: `${base}/job-take/$ID${query}`,
    RUNPOD_WEBHOOK_POST_OUTPUT: `${base}/job-done/$RUNPOD_POD_ID/$ID${query}`,
    RUNPOD_WEBHOOK_POST_STREAM: `${base}/job-stream/$RUNPOD_POD_ID/$ID${query}`,
    RUNPOD_WEBHOOK_PING: `${base}/ping/$RUNPOD_POD_ID`,
  }
}
