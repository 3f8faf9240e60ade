import type { Clock } from '../base/clock.ts'
import { accessStoreContract, type AccessStoreUnderTest } from '../ports/access-store.contract.ts'
import { storeContract } from '../ports/store.contract.ts'
import type { StoreUnderTest } from '../ports/store-samples.contract.ts'
import { MemoryStore } from './memory-store.ts'

function underTest(store: MemoryStore, clock: Clock): StoreUnderTest {
  return {
    store,
    restart: async () => underTest(new MemoryStore({ before: store, clock }), clock),
    close: () => store.close(),
  }
}

storeContract('in memory', async (clock) => underTest(new MemoryStore({ clock }), clock))

const accessUnderTest = (store: MemoryStore): AccessStoreUnderTest => ({
  store,
  restart: async () => accessUnderTest(new MemoryStore({ before: store })),
  close: () => store.close(),
})

accessStoreContract('in memory', async () => accessUnderTest(new MemoryStore()))
