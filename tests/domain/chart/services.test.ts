import { describe, expect, it } from 'vitest';
import { withEstimatedTimes } from '../../../domain/chart/services.ts';

describe('withEstimatedTimes', () => {
  const offered = [
    { id: 'filling', estimatedMinutes: 30 },
    { id: 'xray', estimatedMinutes: 10 },
  ];

  it('gives what is new the present time', () => {
    expect(withEstimatedTimes([{ serviceId: 'filling', tooth: '36' }], [], offered)).toEqual([
      { serviceId: 'filling', tooth: '36', estimatedMinutes: 30 },
    ]);
  });

  it('leaves what was planned the time that it had, once for each time it was planned', () => {
    const twice = [
      { serviceId: 'filling', tooth: '36' },
      { serviceId: 'filling', tooth: '37' },
    ];
    const times = withEstimatedTimes(twice, [{ serviceId: 'filling', estimatedMinutes: 45 }], offered).map(
      ({ estimatedMinutes }) => estimatedMinutes,
    );
    expect(times).toEqual([45, 30]);
  });

  it('keeps what is no longer offered but was planned, and knows nothing of anything else', () => {
    const wishes = [
      { serviceId: 'gold', tooth: '' },
      { serviceId: 'strange', tooth: '' },
    ];
    const times = withEstimatedTimes(wishes, [{ serviceId: 'gold', estimatedMinutes: 50 }], offered).map(
      ({ estimatedMinutes }) => estimatedMinutes,
    );
    expect(times).toEqual([50, null]);
  });
});
