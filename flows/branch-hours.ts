import { defineIvr } from '../engine/flow/kit.ts';
import { nextAppointment } from './bank-services.ts';
import { prompts } from './branch-hours.prompts.ts';
import { identifyCustomer } from './parts/identify-customer.ts';

const { flow, say, menu, call, hours, end } = defineIvr({
  prompts,
  services: { nextAppointment },
  subflows: { identifyCustomer },
  vars: () => ({ customerId: '', appointmentAt: 0 }),
});

/** Opening hours and appointments at a branch: no agents, all by itself. Shares `identifyCustomer` with the hotline. */
export default flow({
  id: 'branch-hours',
  title: '网点服务 Branch service',
  numbers: ['95502'],
  initial: 'welcome',
  globals: { back: { key: '9', to: 'main' } },
  fault: { prompt: 'branch.sorry', to: 'goodbye' },
  states: {
    welcome: say({ prompt: 'branch.welcome', to: 'main' }),
    main: menu({
      prompt: 'branch.menu',
      globals: { back: false },
      choices: {
        hours: { dtmf: '1', to: 'hours' },
        appointment: { dtmf: '2', to: 'identify' },
      },
      otherwise: 'goodbye',
    }),
    hours: hours({ calendar: 'branches', open: 'open', closed: 'closed' }),
    open: say({ prompt: ['branch.open', 'branch.hours'], to: 'goodbye' }),
    closed: say({ prompt: ['branch.closed', 'branch.hours'], to: 'goodbye' }),
    identify: call.identifyCustomer({
      exits: {
        identified: { to: 'appointment', keep: { customerId: 'customerId' } },
        cancelled: 'main',
        silent: 'goodbye',
        refused: 'refused',
        unavailable: 'unavailable',
      },
    }),
    appointment: call.nextAppointment({
      input: { customerId: 'customerId' },
      exits: { booked: { to: 'sayAppointment', keep: { appointmentAt: 'at' } }, none: 'noAppointment' },
      failed: 'unavailable',
    }),
    sayAppointment: say({
      prompt: { key: 'branch.appointment', values: { day: 'appointmentAt', hour: 'appointmentAt' } },
      to: 'goodbye',
    }),
    noAppointment: say({ prompt: 'branch.noAppointment', to: 'goodbye' }),
    refused: end({ prompt: 'branch.refused' }),
    unavailable: end({ prompt: 'branch.unavailable' }),
    goodbye: end({ prompt: 'branch.goodbye' }),
  },
});
