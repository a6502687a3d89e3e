import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { claimPorts, type PortBlock } from './port-block.ts';

const portsOf = (block: PortBlock) => [block.sip, block.http, ...block.spare, ...Array.from({ length: block.rtpLast - block.rtpFirst + 1 }, (_, index) => block.rtpFirst + index)];

describe('claimPorts', () => {
  it('never gives one port twice', async () => {
    const blocks = await Promise.all([claimPorts(), claimPorts(), claimPorts(1_200), claimPorts(40)]);
    const all = blocks.flatMap(portsOf);
    expect(new Set(all).size).toBe(all.length);
    expect(blocks.map((block) => block.rtpLast - block.rtpFirst + 1)).toEqual([400, 400, 1_200, 40]);
    for (const block of blocks) expect(block.rtpFirst % 2).toBe(0);
    for (const block of blocks) block.release();
  });

  it('gives ports that can be bound', async () => {
    const block = await claimPorts();
    const udp = createSocket('udp4').bind(block.sip, '127.0.0.1');
    const tcp = createServer().listen(block.http, '127.0.0.1');
    await Promise.all([once(udp, 'listening'), once(tcp, 'listening')]);
    udp.close();
    await new Promise((resolve) => tcp.close(resolve));
    block.release();
  });

  it('says so when there are none left, and gives everything back', async () => {
    await expect(claimPorts(30_000)).rejects.toMatchObject({ code: 'pbx.boot' });
    const most = await claimPorts(400);
    most.release();
    most.release();
  });
});
