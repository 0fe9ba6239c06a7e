# Not exercised by CI. Builds the binary with the site inside and runs it as a user of its own.
#   docker build -t fingertip .
#   docker run -p 8080:8080 -v fingertip:/data fingertip

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN make build

FROM debian:bookworm-slim
RUN useradd --system --home-dir /data --create-home fingertip
COPY --from=build /src/target/release/fingertip /usr/local/bin/fingertip
# What webhooks, mail and push are checked against; mount the court's own authority over it where there is one.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
USER fingertip
VOLUME /data
EXPOSE 8080
# Plain http: put a proxy with a certificate in front and name its address in FINGERTIP_ORIGIN, or use --tls.
ENTRYPOINT ["fingertip", "--data", "/data"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
