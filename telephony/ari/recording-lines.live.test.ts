import { AsteriskRig } from '../../test/contract/asterisk-rig.ts';
import { callRecordingContract } from '../../test/contract/call-recording.ts';

callRecordingContract('REST over WebSocket', () => AsteriskRig.start('ws'));
callRecordingContract('ari-client', () => AsteriskRig.start('ari-client'));
