/** Exit codes of the command. */
export const EXIT = { met: 0, guestFailed: 1, usage: 2, fault: 3, limit: 124 } as const;
