/** The kernel images: the program in firmware/apps and the kernel's compile-time choices. */
export interface ImageOptions {
  /** Crate root of the program, in firmware/apps. */
  readonly app: string;
  /** `cooperative`: tasks run until they block or yield; without it a tick and wake-ups pre-empt. */
  readonly cfg: readonly string[];
}

export const IMAGES: Readonly<Record<string, ImageOptions>> = {
  hello: { app: 'hello.rs', cfg: [] },
};
