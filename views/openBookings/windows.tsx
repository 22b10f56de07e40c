import type { BookingState } from '../../domain/contract.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { TextArea } from '../forms/Field.tsx';
import { inWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';

export interface BookingWindowProps {
  viewer: Viewer;
  booking: { id: string; state: BookingState; patientName: string };
  /** Where the form goes. */
  url: string;
  /** The page that the window stands over. */
  back: string;
  form: FormState;
}

/** Leaves a booking to the desk. */
export function GiveToDeskWindow({ viewer, booking, url, back, form }: BookingWindowProps) {
  const { t } = viewer;
  const words = t.openBookings;
  const hints: Partial<Record<BookingState, string>> = words.giveToDeskHint;
  return (
    <Window reader={viewer} title={words.giveToDeskTitle} about={booking.patientName} back={back}>
      <p>{hints[booking.state]}</p>
      <form {...inWindow(url)}>
        <Csrf reader={viewer} />
        <TextArea reader={viewer} form={form} name="note" label={`${words.note} (${t.common.optional})`} />
        <WindowActions reader={viewer} back={back}>
          <button type="submit" class="primary">
            {t.common.ok}
          </button>
        </WindowActions>
      </form>
    </Window>
  );
}

/** Ends a booking with a reason. */
export function CloseBookingWindow({ viewer, booking, url, back, form }: BookingWindowProps) {
  const { t } = viewer;
  const words = t.openBookings;
  const isOpen = booking.state === 'departing' || booking.state === 'link_sent' || booking.state === 'confirmed';
  return (
    <Window reader={viewer} title={words.closeTitle} about={booking.patientName} back={back}>
      <p>{isOpen ? words.closeHint : words.setAsideHint}</p>
      <form {...inWindow(url)}>
        <Csrf reader={viewer} />
        <TextArea reader={viewer} form={form} name="reason" label={words.reason} />
        <WindowActions reader={viewer} back={back}>
          <button type="submit" class="primary">
            {t.common.ok}
          </button>
        </WindowActions>
      </form>
    </Window>
  );
}
