// What an operator can set about files: where they lie, how much of them there may be, how long they are kept.
import {
  integer,
  oneOf,
  optionalHttpUrl,
  optionalText,
  type Setting,
  text,
  toggle,
} from '@worldland-aa/service/config/setting'
import { z } from 'zod'

const secret = (describe: string): Setting<string | undefined> => ({
  group: 'Files',
  describe,
  placeholder: 'text',
  schema: z.string('must be text').min(1, 'must not be empty').optional(),
  secret: true,
})

const zeroGKey = z
  .string()
  .regex(/^\s*0x[0-9a-fA-F]{64}\s*$/, 'must be one private key: 0x and 64 hex digits')
  .optional()

export const fileSettings = {
  storage: oneOf({
    group: 'Files',
    describe: 'where files lie: in the data folder, in a bucket of S3 or its like, or on 0G',
    fallback: 'local',
    choices: ['local', 's3', '0g'],
  }),
  storageGib: integer({
    group: 'Files',
    describe: 'GiB that the files of all leases and sessions may fill together',
    fallback: 100,
    minimum: 1,
    maximum: 1_000_000,
  }),
  storagePerLeaseGib: integer({
    group: 'Files',
    describe: 'GiB that those of one lease or session may fill',
    fallback: 20,
    minimum: 1,
    maximum: 1_000_000,
  }),
  keepFilesHours: integer({
    group: 'Files',
    describe: 'hours for which a finished file is kept',
    fallback: 30 * 24,
    minimum: 1,
    maximum: 87_600,
  }),
  keepPublishedHours: integer({
    group: 'Files',
    describe: "hours for which an artifact of a model on sale is kept for the model's licensees",
    fallback: 365 * 24,
    minimum: 1,
    maximum: 87_600,
  }),
  uploadHours: integer({
    group: 'Files',
    describe: 'hours within which an upload has to be finished',
    fallback: 24,
    minimum: 1,
    maximum: 720,
  }),
  downloadMibPerSecond: integer({
    group: 'Files',
    describe: 'MiB a second that one caller may download on average; 0 means no limit',
    fallback: 0,
    minimum: 0,
    maximum: 100_000,
  }),
  recordTrainings: toggle({
    group: 'Files',
    describe: 'put statements of trainings on the chain for renters who ask, at the cost of the provider',
    fallback: false,
  }),
  s3Endpoint: optionalHttpUrl({ group: 'Files', describe: 'with --storage s3: address of the service' }),
  s3Region: text({ group: 'Files', describe: 'with --storage s3: its region', fallback: 'us-east-1' }),
  s3Bucket: optionalText({ group: 'Files', describe: 'with --storage s3: the bucket, which must be there' }),
  s3Prefix: optionalText({
    group: 'Files',
    describe: 'with --storage s3: what stands before each name in it',
  }),
  s3Credentials: secret('with --storage s3: ACCESS_KEY_ID:SECRET_ACCESS_KEY'),
  zeroGIndexerUrl: optionalHttpUrl({ group: 'Files', describe: "with --storage 0g: a 0G indexer's address" }),
  zeroGRpcUrl: optionalHttpUrl({ group: 'Files', describe: "with --storage 0g: JSON-RPC of 0G's chain" }),
  zeroGKey: {
    ...secret("with --storage 0g: private key that pays 0G's fees on 0G's chain"),
    schema: zeroGKey,
  } satisfies Setting<string | undefined>,
} as const
