/** A service as it is wished for; `tooth` in FDI notation, or empty. */
export interface WishedService {
  serviceId: string;
  tooth: string;
}

/**
 * The Estimated Time of each wished service, in the order of the wishes. What was planned before keeps the time that it had
 * then; what is new takes the service's present one. A service that is neither planned nor offered has none.
 */
export function withEstimatedTimes(
  wishes: WishedService[],
  planned: { serviceId: string; estimatedMinutes: number }[],
  offered: { id: string; estimatedMinutes: number }[],
): (WishedService & { estimatedMinutes: number | null })[] {
  const left = [...planned];
  return wishes.map((wish) => {
    const index = left.findIndex(({ serviceId }) => serviceId === wish.serviceId);
    const [kept] = index < 0 ? [] : left.splice(index, 1);
    const present = kept ?? offered.find(({ id }) => id === wish.serviceId);
    return { ...wish, estimatedMinutes: present?.estimatedMinutes ?? null };
  });
}
