# A static binary on an empty image: no shell, no root, one volume.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=docker
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X dossier/cli.Version=${VERSION}" -o /dossier . \
 && mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /dossier /dossier
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
ENV DOSSIER_DATA=/data DOSSIER_ADDR=0.0.0.0:8080 TMPDIR=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s CMD ["/dossier", "healthcheck"]
ENTRYPOINT ["/dossier"]
CMD ["serve"]
