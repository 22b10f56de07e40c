import type { Role } from '../views/reader.ts';

/** Who may use a route; every route's `config` is one of these, or says so in its own words. */
export const open = { public: true };
export const everybody: { roles: Role[] } = { roles: ['provider', 'receptionist', 'manager'] };
export const desk: { roles: Role[] } = { roles: ['receptionist', 'manager'] };
export const treating: { roles: Role[] } = { roles: ['provider', 'manager'] };
export const managers: { roles: Role[] } = { roles: ['manager'] };
