/** EXCCAUSE values. Xtensa ISA Reference Manual, Exception Option, "Exception Causes". */
export const EXCCAUSE = {
  IllegalInstruction: 0,
  Syscall: 1,
  InstructionFetchError: 2,
  LoadStoreError: 3,
  Level1Interrupt: 4,
  Alloca: 5,
  IntegerDivideByZero: 6,
  PCValue: 7,
  Privileged: 8,
  LoadStoreAlignment: 9,
  InstrPIFDataError: 12,
  LoadStorePIFDataError: 13,
  InstrPIFAddrError: 14,
  LoadStorePIFAddrError: 15,
  InstTLBMiss: 16,
  InstTLBMultiHit: 17,
  InstFetchPrivilege: 18,
  InstFetchProhibited: 20,
  LoadStoreTLBMiss: 24,
  LoadStoreTLBMultiHit: 25,
  LoadStorePrivilege: 26,
  LoadProhibited: 28,
  StoreProhibited: 29,
  Coprocessor0Disabled: 32,
} as const;

/** Name of a cause for reports: `LoadProhibited`, or `cause 41`. */
export function exccauseName(cause: number): string {
  for (const [name, value] of Object.entries(EXCCAUSE)) if (value === cause) return name;
  return `cause ${cause}`;
}
