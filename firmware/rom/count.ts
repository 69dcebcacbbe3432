/** How many of the documented functions the open ROM implements, by part: `npx tsx firmware/rom/count.ts`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostFiles } from '../../emulator/loader/files.ts';
import { openRom } from '../../emulator/loader/open-rom.ts';
import { ROM_BASE, parseFunctions } from './layout.ts';

/** Parts of the mask ROM by the names of their functions. */
const PARTS: readonly (readonly [part: string, pattern: RegExp])[] = [
  [
    'Bluetooth',
    /^(btdm_|r_|rw|ld_|lc_|llc|lld|llm|lm_|lmp_|lb_|hci_|ke_|ea_|em_|nvds_|h4tl|co_|dbg_|ecc_|GF_|bigHex|specialModP|notEqual|Add|Sub|Multiply)/,
  ],
  ['PHY', /^(rom_(?!gpio|i2c|spi)|phy_|chip_|rfpll|rf_|ram_)/],
  ['SDIO slave', /^(sip_|slc_)/],
  [
    'download',
    /DwnLd|FilePacket|MemPacket|^Uart(Conn|Reg|Spi|Set)|VerifyFlash|^(Send|Rcv)Msg|_packet$|start_tb_console/,
  ],
];

export interface Count {
  readonly part: string;
  readonly implemented: number;
  readonly documented: number;
}

/** J is an implementation; ENTRY a slot that says that there is none. */
export function countFunctions(): Count[] {
  const { bytes } = openRom(hostFiles);
  const text = readFileSync(join(import.meta.dirname, 'functions.txt'), 'utf8');
  const counts = new Map<string, { implemented: number; documented: number }>();
  for (const { address, names } of parseFunctions(text)) {
    const part = PARTS.find(([, pattern]) => names.some((name) => pattern.test(name)))?.[0];
    const count = counts.get(part ?? 'everything else') ?? { implemented: 0, documented: 0 };
    count.documented++;
    if ((bytes[address - ROM_BASE]! & 0x3f) === 0x06) count.implemented++;
    counts.set(part ?? 'everything else', count);
  }
  const rows = [...counts].map(([part, count]) => ({ part, ...count }));
  return rows.sort((a, b) => b.implemented - a.implemented || b.documented - a.documented);
}

/** The table of docs/open-rom.md. */
export function countTable(): string {
  const rows = countFunctions();
  const sum = (of: 'implemented' | 'documented'): number => rows.reduce((n, row) => n + row[of], 0);
  const all = [
    ...rows,
    { part: 'all', implemented: sum('implemented'), documented: sum('documented') },
  ];
  const cells = [
    ['part', 'implemented', 'documented'],
    ...all.map(({ part, implemented, documented }) => [
      part,
      String(implemented),
      String(documented),
    ]),
  ];
  const widths = [0, 1, 2].map((i) => Math.max(...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = `| ${'-'.repeat(widths[0]!)} | ${'-'.repeat(widths[1]! - 1)}: | ${'-'.repeat(widths[2]! - 1)}: |`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n');
}

if (process.argv[1] === import.meta.filename) console.log(countTable());
