import { AsteriskRig } from '../../test/contract/asterisk-rig.ts';
import { callControlContract } from '../../test/contract/call-control.ts';

callControlContract('REST over WebSocket', () => AsteriskRig.start('ws'));
callControlContract('ari-client', () => AsteriskRig.start('ari-client'));
