import { parse } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import { StaffPage } from '../../../views/layout/StaffPage.tsx';
import type { Viewer } from '../../../views/reader.ts';
import { page, viewerAs, wordsOf } from '../reader.ts';

const shown = (viewer: Viewer) =>
  parse(page(<StaffPage viewer={viewer} title="Here" tab="book" children="What is here" />));
const tabs = (viewer: Viewer) =>
  shown(viewer)
    .querySelectorAll('.tabs a')
    .map((tab) => wordsOf(tab));

describe('the frame of the staff’s screens', () => {
  it('has the tabs of the role', () => {
    expect(tabs(viewerAs('provider'))).toEqual(['Appointment Book', 'Patients']);
    expect(tabs(viewerAs('receptionist'))).toEqual([
      'Appointment Book',
      'Departure Task List 2',
      'Follow Up 0',
      'Online Appointments',
      'Patients',
    ]);
    expect(tabs(viewerAs('manager')).slice(-2)).toEqual(['Reports', 'Settings']);
  });

  it('hides what the practice does not use', () => {
    const viewer = viewerAs();
    const practice = { ...viewer.practice, appointmentWorkflow: false, onlineAppointmentsTab: false };
    expect(tabs({ ...viewer, practice })).toEqual(['Appointment Book', 'Follow Up 0', 'Patients']);
  });

  it('lets choose the working location where there are several', () => {
    const viewer = viewerAs();
    const options = shown(viewer).querySelectorAll('form[action="/location"] option');
    expect(options.map(wordsOf)).toEqual(['Lindegracht', 'Westerdok']);
    expect(options[0]!.hasAttribute('selected')).toBe(true);
    expect(shown({ ...viewer, locations: [viewer.location] }).querySelector('form[action="/location"]')).toBeNull();
  });

  it('searches patients, signs out and changes the language from everywhere', () => {
    const frame = shown(viewerAs('provider', 'nl'));
    for (const action of ['/patients/search', '/sign-out', '/lock', '/language']) {
      expect(frame.querySelector(`form[action="${action}"]`)).not.toBeNull();
    }
    for (const form of frame.querySelectorAll('form[method="post"]')) {
      expect(form.querySelector('[name="_csrf"]')!.getAttribute('value')).toBe('form-token');
    }
    expect(frame.querySelector('html')!.getAttribute('lang')).toBe('nl');
  });

  it('needs nothing inline', () => {
    expect(shown(viewerAs()).querySelectorAll('[style], style, script:not([src]), [onclick]')).toEqual([]);
  });
});
