// What the command says of itself.

export const usage = `worldland-rent: rents several machines of several providers together, and looks after them.

  worldland-rent plan    --machines 3 --gpu 4090 --hours 2 --spread providers   says what it would take, and why
  worldland-rent rent    the same, then rents it: all by one signature, or none
  worldland-rent status  how the machines stand, and the way into those that are ready
  worldland-rent replace replaces the machines that were lost, within what is left of the budget
  worldland-rent stop    stops all machines; what is not used comes back

What is needed (plan, rent)
  --machines N | --gpus N     how many machines, or GPUs in all
  --hours H | --seconds S     for how long
  --gpu NAME                  part of a model's name; may be given several times
  --vram GIB                  memory of one GPU
  --units N                   units of an offer that make one machine (1)
  --region NAME               where it may be: KR means KR-Seoul too; several times
  --not-region NAME           where it may not
  --prefer-region NAME        where it had better be
  --round-trip NAME=MS        what you measured to a region or provider (0x…); several times
  --maximum-round-trip MS     what was measured and is above is not taken, nor what was not measured
  --spread providers|regions|close   no two of one provider, no two in one region, or all in one
  --per-provider N, --per-region N   how many may stand together at most
  --price P                   most tokens for one machine and hour
  --budget B                  most tokens for all machines' time, replacements included; gas comes on top
  --faults N, --lapses N      how many a provider may have on record
  --bond-seconds N            how many seconds of its price a machine's bond must be worth more than (600)
  --not-provider ADDRESS      whom not to take; several times
  --all                       of every offer that was not taken, why
  --json                      plan and status as JSON

What is to run (rent, replace)
  --request-file FILE         JSON as sealRentalRequest takes it: image, command, env, ports, readyWhen, sshPublicKey, …
  --image-digest DIGEST       sha256:…, on the chain for all to see
  --yes                       do not ask (rent, replace, stop)
  --maximum-failures N        lost machines after which nothing is replaced any more (5)
  --watch                     replace: goes on looking after them until it is interrupted

Where
  --contracts-file FILE       the deployment's addresses, or a devnet.json, which knows both URLs too
  --rpc-url URL, --bundler-url URL
  --state-file FILE           leases and the keys to their machines (./worldland-rent.json, for you alone to read)
  --key-file FILE             the owner's private key; or the environment's WORLDLAND_RENT_KEY

Ends with 0; 1 if it could not be done; 64 if the command line is wrong; 69 if nobody answers; 78 if a file is none.
`
