import { type BuiltPractice, buildPatient, password } from '../../builders.ts';
import { at, form, type RightForms } from './form.ts';

const patientFields = (built: BuiltPractice) => ({
  firstName: 'Robin',
  lastNamePrefix: 'van',
  lastName: 'Ziegler',
  birthDate: '1984-05-06',
  email: 'robin@example.com',
  mobile: '+31600000001',
  contactOwner: 'patient',
  language: 'en',
  providerId: built.providers[0]!.id,
  note: 'Note',
});

export const patientForms: RightForms = {
  '/patients': form(at('/patients'), patientFields),
  '/patients/search': form(at('/patients/search'), () => ({ q: 'Zieg' })),
  '/patients/:id/edit': form(
    async (db, built) => `/patients/${(await buildPatient(db, built)).id}/edit`,
    patientFields,
  ),
  '/patients/:id/erasure': form(
    async (db, built) => `/patients/${(await buildPatient(db, built)).id}/erasure`,
    () => ({ sure: 'on' }),
  ),
};

/** Who is at the browser, and how they like it. */
export const sessionForms: RightForms = {
  '/language': form(at('/language'), () => ({ language: 'en', to: '/book' })),
  '/location': form(at('/location'), (built) => ({ locationId: built.location.id, to: '/book' })),
  '/sign-in': form(at('/sign-in'), (built) => ({ email: built.users.manager.email, password, to: '/book' })),
  '/sign-out': form(at('/sign-out')),
  '/lock': form(at('/lock')),
};
