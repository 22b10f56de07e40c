/** Why a verb of the domain refuses; api/ maps each code to a status and a text. */
export type RefusalCode =
  | 'not_found'
  | 'not_allowed'
  | 'no_appointment_today'
  | 'already_departed'
  | 'departure_dealt_with'
  | 'already_sent'
  | 'never_sent'
  | 'already_booked'
  | 'already_closed'
  | 'not_to_be_booked'
  | 'no_appointment_workflow'
  | 'not_bookable_online'
  | 'provider_inactive'
  | 'no_expected_time'
  | 'no_contacts'
  | 'no_channel'
  | 'opted_out'
  | 'link_expired'
  | 'link_replaced'
  | 'requirement_changed'
  | 'hold_lapsed'
  | 'hold_not_extendable'
  | 'time_taken'
  | 'outside_offer'
  | 'time_not_free'
  | 'patient_elsewhere'
  | 'before_first_day'
  | 'date_past'
  | 'kept_for_patient'
  | 'not_changeable'
  | 'state_not_possible'
  | 'appointments_ahead'
  | 'message_under_way'
  | 'length_too_long'
  | 'invalid';

/** A verb that can't be done. Nothing was changed when it is thrown inside a transaction. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  /** The form's field that it belongs to, where there is one. */
  readonly field: string | undefined;

  constructor(code: RefusalCode, field?: string) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.field = field;
  }
}
