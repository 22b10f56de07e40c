import { expect, it, vi } from 'vitest';
import { keepRunning, type Running } from '../../dev/keepRunning.ts';

/** Something to be kept, that ends when it is told to. */
function mortal(): Running & { die(): void } {
  let die = () => {};
  const ended = new Promise<void>((resolve) => {
    die = resolve;
  });
  return { pid: 0, ended, die, stop: async () => die() };
}

it('starts again what ended by itself, and says so', async () => {
  const lives = [mortal(), mortal()];
  const said: string[] = [];
  const onRestart = vi.fn();
  let started = 0;
  const kept = await keepRunning({
    name: 'The api',
    start: async () => lives[started++]!,
    say: (line) => said.push(line),
    onRestart,
    onHopeless: () => {},
  });
  lives[0]!.die();
  await expect.poll(() => onRestart.mock.calls).toEqual([[lives[1]]]);
  expect(kept.current).toBe(lives[1]);
  expect(said).toEqual(['The api has ended; starting it again', 'The api is back']);
  await kept.stop();
});

it('lets it end when it is stopped', async () => {
  const start = vi.fn(async () => mortal());
  const kept = await keepRunning({ name: 'The api', start, say: () => {}, onHopeless: () => {} });
  await kept.stop();
  expect(start).toHaveBeenCalledTimes(1);
});

it('gives up on what ends at once again and again', async () => {
  vi.useFakeTimers();
  try {
    const onHopeless = vi.fn();
    const start = vi.fn(async () => {
      const running = mortal();
      running.die();
      return running;
    });
    await keepRunning({ name: 'The api', start, say: () => {}, onHopeless });
    await vi.advanceTimersByTimeAsync(50_000);
    expect(start).toHaveBeenCalledTimes(6);
    expect(onHopeless).toHaveBeenCalledWith(
      expect.objectContaining({ message: 'The api ended 6 times within a minute.' }),
    );
  } finally {
    vi.useRealTimers();
  }
});

it('passes on why the first start failed', async () => {
  const start = async () => Promise.reject(new Error('no such file'));
  await expect(keepRunning({ name: 'The api', start, say: () => {}, onHopeless: () => {} })).rejects.toThrow(
    'no such file',
  );
});
