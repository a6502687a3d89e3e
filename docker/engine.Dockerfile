# The engine. espeak-ng 1.52 and flite speak the prompts that nobody has recorded; the first is run as a program, never linked.
FROM node:20-trixie-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends build-essential python3 espeak-ng flite \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/strowger
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && touch node_modules/.package-lock.json
COPY . .
# Compiles the program and learns what callers of banks say, neither of which anybody may do where it runs.
RUN ./strowger nlu explain "余额" --flow bank >/dev/null
RUN mkdir -p /var/lib/strowger /etc/asterisk
ENTRYPOINT ["/opt/strowger/strowger"]
