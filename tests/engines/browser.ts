import { dirname } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';

/** Starts the Chromium of the browser tests. Its own files go where the engines' go, and with them. */
export function launchBrowser(): Promise<Browser> {
  const fonts = inject('chromiumFonts');
  process.env.TMPDIR = dirname(fonts);
  return chromium.launch({
    executablePath: inject('chromiumPath'),
    args: ['--headless=shell', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    env: { ...process.env, FONTCONFIG_FILE: fonts },
  });
}
