import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { askPassword } from '../../dev/password.ts';

function terminal() {
  const keys = Object.assign(new PassThrough(), {
    isTTY: true,
    raw: false,
    setRawMode: (raw: boolean) => {
      keys.raw = raw;
    },
  });
  const screen = new PassThrough();
  return { keys, screen };
}

it('a password is taken as it is typed, and shown to nobody', async () => {
  const { keys, screen } = terminal();
  const asked = askPassword('Password: ', keys, screen);
  expect(keys.raw).toBe(true);
  keys.write(' with spacez\u007fs \r');
  expect(await asked).toBe(' with spaces ');
  expect(keys.raw).toBe(false);
  expect(String(screen.read())).toBe('Password: \n');
});

it('Ctrl-C takes the question back', async () => {
  const { keys, screen } = terminal();
  const asked = askPassword('Password: ', keys, screen);
  keys.write('half\u0003');
  await expect(asked).rejects.toThrow('Nothing was changed.');
});
