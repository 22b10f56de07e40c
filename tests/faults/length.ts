/** Faults that last: as long as the issue of bad days says with FAULTS=full, and shorter where every change is tried. */
export const fully = (seconds: number, shorter: number) => (process.env.FAULTS === 'full' ? seconds : shorter);
