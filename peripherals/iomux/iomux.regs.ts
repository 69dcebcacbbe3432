/**
 * IO_MUX register table (TRM chapter "IO_MUX and GPIO Matrix"): one register per pad, in the order of
 * the pads around the chip. Reset values after the TRM's pad summary (input enable, weak pull-up or
 * pull-down) with drive strength 2 and function 0; the SVD has none.
 */
import { field, register } from '../../emulator/bus/registers.ts';

const PAD_FIELDS = [
  field('MCU_OE', 0, 1, 'R/W', 'stored'),
  field('SLP_SEL', 1, 1, 'R/W', 'stored'),
  field('MCU_WPD', 2, 1, 'R/W', 'stored'),
  field('MCU_WPU', 3, 1, 'R/W', 'stored'),
  field('MCU_IE', 4, 1, 'R/W', 'stored'),
  field('MCU_DRV', 5, 2, 'R/W', 'stored'),
  field('FUN_WPD', 7, 1, 'R/W'),
  field('FUN_WPU', 8, 1, 'R/W'),
  field('FUN_IE', 9, 1, 'R/W'),
  field('FUN_DRV', 10, 2, 'R/W', 'stored'),
  field('MCU_SEL', 12, 3, 'R/W'),
] as const;

// prettier-ignore
export const IO_MUX_REGISTERS = [
  register('PIN_CTRL', 0x000, 0x0, [
    field('CLK1', 0, 4, 'R/W', 'stored'), field('CLK2', 4, 4, 'R/W', 'stored'),
    field('CLK3', 8, 4, 'R/W', 'stored'),
  ]),
  register('GPIO36', 0x004, 0x800, PAD_FIELDS),
  register('GPIO37', 0x008, 0x800, PAD_FIELDS),
  register('GPIO38', 0x00c, 0x800, PAD_FIELDS),
  register('GPIO39', 0x010, 0x800, PAD_FIELDS),
  register('GPIO34', 0x014, 0x800, PAD_FIELDS),
  register('GPIO35', 0x018, 0x800, PAD_FIELDS),
  register('GPIO32', 0x01c, 0x800, PAD_FIELDS),
  register('GPIO33', 0x020, 0x800, PAD_FIELDS),
  register('GPIO25', 0x024, 0x800, PAD_FIELDS),
  register('GPIO26', 0x028, 0x800, PAD_FIELDS),
  register('GPIO27', 0x02c, 0xa00, PAD_FIELDS),
  register('GPIO14', 0x030, 0xa00, PAD_FIELDS),
  register('GPIO12', 0x034, 0xa80, PAD_FIELDS),
  register('GPIO13', 0x038, 0xa00, PAD_FIELDS),
  register('GPIO15', 0x03c, 0xb00, PAD_FIELDS),
  register('GPIO2', 0x040, 0xa80, PAD_FIELDS),
  register('GPIO0', 0x044, 0xb00, PAD_FIELDS),
  register('GPIO4', 0x048, 0xa80, PAD_FIELDS),
  register('GPIO16', 0x04c, 0xa00, PAD_FIELDS),
  register('GPIO17', 0x050, 0xa00, PAD_FIELDS),
  register('GPIO9', 0x054, 0xb00, PAD_FIELDS),
  register('GPIO10', 0x058, 0xb00, PAD_FIELDS),
  register('GPIO11', 0x05c, 0xb00, PAD_FIELDS),
  register('GPIO6', 0x060, 0xb00, PAD_FIELDS),
  register('GPIO7', 0x064, 0xb00, PAD_FIELDS),
  register('GPIO8', 0x068, 0xb00, PAD_FIELDS),
  register('GPIO5', 0x06c, 0xb00, PAD_FIELDS),
  register('GPIO18', 0x070, 0xa00, PAD_FIELDS),
  register('GPIO19', 0x074, 0xa00, PAD_FIELDS),
  register('GPIO20', 0x078, 0xa00, PAD_FIELDS),
  register('GPIO21', 0x07c, 0xa00, PAD_FIELDS),
  register('GPIO22', 0x080, 0xa00, PAD_FIELDS),
  register('GPIO3', 0x084, 0xb00, PAD_FIELDS),
  register('GPIO1', 0x088, 0xb00, PAD_FIELDS),
  register('GPIO23', 0x08c, 0xa00, PAD_FIELDS),
  register('GPIO24', 0x090, 0xa00, PAD_FIELDS),
] as const;
