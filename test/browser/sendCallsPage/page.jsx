// A page of somebody else's, as wagmi's documents have it: nothing in it knows of this project but the calls, which the
// test hands over, and the paymaster's URL.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import { defineChain } from 'viem'
import {
  createConfig,
  http,
  injected,
  useCapabilities,
  useConnect,
  useConnection,
  useConnectors,
  useSendCalls,
  useWaitForCallsStatus,
  WagmiProvider,
} from 'wagmi'

const { chainId, rpcUrl } = window.stage
const chain = defineChain({
  id: chainId,
  name: 'Devnet',
  nativeCurrency: { name: 'Coin', symbol: 'COIN', decimals: 18 },
  rpcUrls: { default: { http: [rpcUrl] } },
})
const config = createConfig({
  chains: [chain],
  connectors: [injected()],
  transports: { [chain.id]: http() },
})

function Page() {
  const connection = useConnection()
  const [connector] = useConnectors()
  const connect = useConnect()
  if (connection.status === 'connected') return <Rental address={connection.address} />
  return (
    <button type="button" onClick={() => connect.mutate({ connector })}>
      Connect
    </button>
  )
}

function Rental({ address }) {
  const [paymasterService, setPaymasterService] = useState(JSON.stringify(window.stage.paymasterService))
  const capabilities = useCapabilities()
  const sendCalls = useSendCalls()
  const status = useWaitForCallsStatus({ id: sendCalls.data?.id, pollingInterval: 200 })
  const takesPaymasters = capabilities.data?.[chain.id]?.paymasterService?.supported === true
  return (
    <>
      <p>{address}</p>
      <label>
        Paymaster service
        <input value={paymasterService} onChange={event => setPaymasterService(event.target.value)} />
      </label>
      <button
        type="button"
        disabled={!takesPaymasters}
        onClick={() =>
          sendCalls.mutate({
            calls: window.stage.calls,
            capabilities: { paymasterService: JSON.parse(paymasterService) },
          })
        }
      >
        Rent
      </button>
      <output aria-label="Status">{status.data?.status}</output>
      <output aria-label="Transaction">{status.data?.receipts?.[0]?.transactionHash}</output>
      {sendCalls.error && <p role="alert">{sendCalls.error.message}</p>}
    </>
  )
}

createRoot(document.getElementById('root')).render(
  <WagmiProvider config={config}>
    <QueryClientProvider client={new QueryClient()}>
      <Page />
    </QueryClientProvider>
  </WagmiProvider>,
)
