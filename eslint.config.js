import tseslint from 'typescript-eslint';

const hostTime = [
  { object: 'Math', property: 'random', message: 'The model must be deterministic.' },
  { object: 'performance', property: 'now', message: 'The model has no host clock.' },
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'coverage', 'docs/example-project'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', args: 'none' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'no-console': 'error',
      'max-lines': ['error', { max: 500, skipComments: true, skipBlankLines: true }],
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['emulator/**/*.ts', 'peripherals/**/*.ts'],
    ignores: ['emulator/cli/**', 'emulator/serial/**', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': ['error', ...hostTime],
      'no-restricted-globals': [
        'error',
        { name: 'Date', message: 'The model has no host clock.' },
        { name: 'performance', message: 'The model has no host clock.' },
        { name: 'setTimeout', message: 'The model has no host timers.' },
        { name: 'setInterval', message: 'The model has no host timers.' },
      ],
    },
  },
  {
    files: [
      'emulator/cli/**/*.ts',
      'bench/**/*.ts',
      'test-roms/**/*.ts',
      'firmware/**/*.ts',
      'docs/**/*.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    // Tables and generated code are exempt from the length limit.
    files: ['emulator/cpu/isa/*.ts', 'emulator/cpu/dispatch.ts', '**/*.regs.ts'],
    rules: { 'max-lines': 'off' },
  },
  { files: ['*.config.ts', '*.config.js'], rules: { 'no-restricted-exports': 'off' } },
);
