import { defineConfig } from 'vitest/config';
import { wgslText } from './scripts/vite-wgsl.ts';

export default defineConfig({
  plugins: [wgslText()],
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    // the default leaves one core out, which is half of a machine with two
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
