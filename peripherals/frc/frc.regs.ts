/**
 * Registers of the legacy timers FRC1 and FRC2, after ESP-IDF `soc/frc_timer_reg.h`; the manual does
 * not describe them. FRC1 is 23 bits wide and has no alarm register.
 */
import { field, register } from '../../emulator/bus/registers.ts';

const CTRL = [
  field('LEVEL_INT', 0, 1, 'R/W'),
  field('PRESCALER', 1, 3, 'R/W'),
  field('AUTOLOAD', 6, 1, 'R/W'),
  field('ENABLE', 7, 1, 'R/W'),
  field('INT_STATUS', 8, 1, 'RO'),
] as const;
const INT = [field('CLR', 0, 1, 'SC')] as const;

export const FRC_REGISTERS = [
  register('FRC1_LOAD', 0x00, 0, [field('VALUE', 0, 23, 'R/W')]),
  register('FRC1_COUNT', 0x04, 0, [field('COUNT', 0, 23, 'RO')]),
  register('FRC1_CTRL', 0x08, 0, CTRL),
  register('FRC1_INT', 0x0c, 0, INT),
  register('FRC2_LOAD', 0x20, 0, [field('VALUE', 0, 32, 'R/W')]),
  register('FRC2_COUNT', 0x24, 0, [field('COUNT', 0, 32, 'RO')]),
  register('FRC2_CTRL', 0x28, 0, CTRL),
  register('FRC2_INT', 0x2c, 0, INT),
  register('FRC2_ALARM', 0x30, 0, [field('ALARM', 0, 32, 'R/W')]),
] as const;
