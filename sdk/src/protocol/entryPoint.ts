// The one EntryPoint that runs on a London chain, where every chain keeps it.
export const entryPoint07Address = '0x0000000071727De22E5E9d8BAf0edAc6f37da032'
