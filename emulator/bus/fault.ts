/**
 * The EXCCAUSE values the memory system can give. They are the ISA manual's; a test holds them to
 * `cpu/isa/exccause.ts`, which the bus may not import.
 */
export const FAULT = {
  NONE: -1,
  InstructionFetchError: 2,
  LoadStoreError: 3,
  LoadStoreAlignment: 9,
  InstrPIFAddrError: 14,
  LoadStorePIFAddrError: 15,
  InstFetchProhibited: 20,
  LoadProhibited: 28,
  StoreProhibited: 29,
} as const;

/**
 * Which region-protection attributes 0..15 allow a fetch, and a load or store, as bit masks.
 * `XCHAL_FCA_LIST`, `XCHAL_LCA_LIST` and `XCHAL_SCA_LIST` of the core's `core-matmap.h`.
 */
export const FETCH_ATTRIBUTES = 0b0000_0000_0111_1110;
export const DATA_ATTRIBUTES = 0b0100_0000_0111_0111;
