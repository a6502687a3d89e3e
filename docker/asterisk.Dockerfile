# Asterisk 22 as Debian's testing suite packages it. The configuration is rendered by the service asterisk-config.
FROM debian:forky-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends asterisk asterisk-core-sounds-en-wav \
 && rm -rf /var/lib/apt/lists/*
# -f: in the foreground, -T: times in the log, -W and colours stay off for log collectors.
CMD ["asterisk", "-f", "-T", "-n"]
