import { defineSignal } from '@temporalio/workflow';
import { toBooking, type WorkflowMessageId } from '../domain/contract.ts';

export const departed = defineSignal<[WorkflowMessageId]>(toBooking.departed);
export const sendLink = defineSignal<[WorkflowMessageId]>(toBooking.sendLink);
export const sendOtherwise = defineSignal<[WorkflowMessageId]>(toBooking.sendOtherwise);
export const bookingConfirmed = defineSignal<[WorkflowMessageId]>(toBooking.bookingConfirmed);
export const patientAnswered = defineSignal<[WorkflowMessageId]>(toBooking.patientAnswered);
export const bookedAtDesk = defineSignal<[WorkflowMessageId]>(toBooking.bookedAtDesk);
export const postponed = defineSignal<[WorkflowMessageId]>(toBooking.postponed);
export const planWithdrawn = defineSignal<[WorkflowMessageId]>(toBooking.planWithdrawn);
export const departureUndone = defineSignal<[WorkflowMessageId]>(toBooking.departureUndone);
export const givenToDesk = defineSignal<[WorkflowMessageId]>(toBooking.givenToDesk);
export const closedByManager = defineSignal<[WorkflowMessageId]>(toBooking.closedByManager);
