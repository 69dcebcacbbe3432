/** Devices that a gate file may put on the board, with the options of their classes. */
import { readFileSync } from 'node:fs';
import type { BoardDevice } from '../../bus/board-device.ts';
import { InputError } from '../../loader/errors.ts';
import { Bmp280 } from '../../../peripherals/devices/bmp280.ts';
import { Button } from '../../../peripherals/devices/button.ts';
import { Eeprom24Lc256 } from '../../../peripherals/devices/eeprom-24lc256.ts';
import { LogicProbe } from '../../../peripherals/devices/logic-probe.ts';
import { Mcp23017 } from '../../../peripherals/devices/mcp23017.ts';
import { Mcp23s17 } from '../../../peripherals/devices/mcp23s17.ts';
import { RotaryEncoder } from '../../../peripherals/devices/rotary-encoder.ts';
import { SerialTerminal } from '../../../peripherals/devices/serial-terminal.ts';
import { Ssd1306 } from '../../../peripherals/devices/ssd1306.ts';
import { St7789 } from '../../../peripherals/devices/st7789.ts';
import { object, tagged } from './shape.ts';
import type { Shape, ValueOf } from './shape.ts';
import { choice, fileName, flag, gpio, integer, number } from './values.ts';

const level: Shape<0 | 1> = choice([0, 1]);
const pin = (help: string) => ({ shape: gpio, help, required: true }) as const;
const wire = (help: string) => ({ shape: gpio, help }) as const;
const address = (from: number, to: number) =>
  ({ shape: integer(from, to), help: `I2C address, ${from} to ${to}` }) as const;

const I2C = {
  sda: pin('GPIO of SDA'),
  scl: pin('GPIO of SCL'),
  pullUps: { shape: flag, help: 'whether the board has pull-up resistors here; true by default' },
} as const;

const SPI_WIRES = { cs: pin('GPIO of CS'), clk: pin('GPIO of the clock'), mosi: wire('GPIO of MOSI'), miso: wire('GPIO of MISO') } as const; // prettier-ignore
const EXPANDER = {
  intA: wire('GPIO that INTA drives'),
  intB: wire('GPIO that INTB drives'),
  reset: wire('GPIO that drives RESET'),
} as const;
const MODE = { shape: choice([0, 3]), help: 'SPI mode' } as const;

const LED = { pin: pin('GPIO of the LED or probe') } as const;

const DEVICES = {
  button: {
    pin: pin('GPIO of the button'),
    pressedLevel: { shape: level, help: 'level while pressed; 0 by default' },
    pulled: { shape: flag, help: 'a resistor to the other rail; true by default' },
    bounceUs: { shape: number(0, 1e6), help: 'length of the bounce in microseconds' },
    seed: { shape: integer(0, 0xffff_ffff), help: 'chooses the pattern of the bounces' },
  },
  led: LED,
  probe: LED,
  '24lc256': {
    ...I2C,
    address: address(0x50, 0x57),
    content: { shape: fileName, help: 'file with its content from address 0 on' },
    writeProtect: wire('GPIO that drives WP'),
  },
  mcp23017: { ...I2C, address: address(0x20, 0x27), ...EXPANDER },
  ssd1306: {
    ...I2C,
    address: address(0x3c, 0x3d),
    height: { shape: choice([32, 64]), help: 'lines of the glass; 64 by default' },
    reset: wire('GPIO that drives RES'),
  },
  bmp280: {
    ...I2C,
    address: address(0x76, 0x77),
    celsius: { shape: number(-40, 85), help: 'temperature it measures' },
    pascal: { shape: number(30_000, 110_000), help: 'pressure it measures' },
  },
  mcp23s17: {
    pins: { shape: object(SPI_WIRES, { name: 'pins' }), help: 'its wires', required: true },
    address: { shape: integer(0, 7), help: 'A2 to A0' },
    mode: MODE,
    ...EXPANDER,
  },
  st7789: {
    pins: {
      shape: object({ ...SPI_WIRES, dc: pin('GPIO of D/C'), reset: wire('GPIO of RESX') }, { name: 'pins' }), // prettier-ignore
      help: 'its wires',
      required: true,
    },
    mode: MODE,
    width: { shape: integer(1, 240), help: 'pixels of the panel' },
    height: { shape: integer(1, 320), help: 'lines of the panel' },
    left: { shape: integer(0, 239), help: 'first column in the frame memory' },
    top: { shape: integer(0, 319), help: 'first line in the frame memory' },
    ips: { shape: flag, help: 'colours are right with INVON; true by default' },
  },
  encoder: { pinA: pin('GPIO of contact A'), pinB: pin('GPIO of contact B') },
  terminal: {
    txPin: pin('GPIO on which the chip sends'),
    rxPin: pin('GPIO on which the chip receives'),
    baudHz: { shape: integer(50, 5_000_000), help: 'bits per second; 115200 by default' },
  },
} as const;

export const device = tagged('type', DEVICES, 'a device');
export type DeviceRow = ValueOf<typeof device>;

/** Makes the device anew at each call, for every fork of the board. */
export function deviceMaker(
  name: string,
  row: DeviceRow,
  find: (path: string) => string,
): () => BoardDevice {
  // prettier-ignore
  switch (row.type) {
    case 'button':
      return () => new Button({ name, ...row.options });
    case 'led':
    case 'probe':
      return () => new LogicProbe({ name, ...row.options });
    case '24lc256': {
      const { content, ...options } = row.options;
      const bytes = content === undefined ? {} : { content: readContent(find(content)) };
      return () => new Eeprom24Lc256({ name, ...options, ...bytes });
    }
    case 'mcp23017':
      return () => new Mcp23017({ name, ...row.options });
    case 'ssd1306':
      return () => new Ssd1306({ name, ...row.options });
    case 'bmp280':
      return () => new Bmp280({ name, ...row.options });
    case 'mcp23s17':
      return () => new Mcp23s17({ name, ...row.options });
    case 'st7789':
      return () => new St7789({ name, ...row.options });
    case 'encoder':
      return () => new RotaryEncoder({ name, ...row.options });
    case 'terminal':
      return () => new SerialTerminal({ name, ...row.options });
  }
}

function readContent(path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const hint = error instanceof Error ? error.message : String(error);
    throw new InputError(path, 'cannot be read', { hint });
  }
  if (bytes.length > 32 * 1024)
    throw new InputError(path, `${bytes.length} bytes of content`, { expected: 'at most 32768' });
  return bytes;
}
