// A page that rents a machine and gives it back, by whichever owner its visitor chooses.

import { createRenter, readDevnet } from './createRenter'
import { fundAccount } from './fundAccount'
import { type OwnerKind, ownerOf } from './owners'

const steps = document.querySelector('#steps') as HTMLOListElement

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-owner]')) {
  button.addEventListener('click', () => {
    steps.replaceChildren()
    rentAndStop(button.dataset.owner as OwnerKind).catch(error => say(`Failed: ${error}`))
  })
}

async function rentAndStop(kind: OwnerKind): Promise<void> {
  const devnet = await readDevnet()
  const renter = await createRenter(devnet, await ownerOf(kind))
  say(`Account ${renter.account.address}`)
  await fundAccount(devnet, renter.account.address)

  const [offer] = await renter.findOffers({ gpuModel: '4090' })
  if (offer === undefined) throw new Error('Nothing is offered')
  const hash = await renter.rentInstance({ offerId: offer.offerId, seconds: 3600 })
  const { leaseId } = await renter.waitForRental({ hash })
  say(`Rented as lease ${leaseId}`)
  await new Promise<void>(resolve => {
    const unwatch = renter.watchLease({
      leaseId,
      onStep: ({ lease }) => {
        if (lease.state !== 'ready') return
        unwatch()
        resolve()
      },
    })
  })
  say('The machine is ready')

  const stop = await renter.stopLease({ leaseId })
  const { refundWei } = await renter.waitForSettlement({ hash: stop })
  say(`Stopped; ${refundWei} token wei came back`)
}

function say(text: string): void {
  const step = document.createElement('li')
  step.textContent = text
  steps.append(step)
}
