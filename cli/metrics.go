package cli

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// metricsSettings say who may read /metrics; nobody may by default.
type metricsSettings struct {
	MetricsAddr  string `group:"Settings" help:"Answer /metrics (Prometheus) on this address of its own, such as 127.0.0.1:9180." placeholder:"HOST:PORT"`
	MetricsToken string `group:"Settings" secret:"" help:"Answer /metrics to whoever sends this as a bearer token, on the server's own address too; at least 16 characters." placeholder:"TOKEN"`
}

// minToken is how long a token must be.
const minToken = 16

func (s metricsSettings) check() error {
	if s.MetricsToken != "" && len(s.MetricsToken) < minToken {
		return fmt.Errorf("metrics-token: use at least %d characters", minToken)
	}
	return nil
}

// serveMetrics answers on the address for metrics, if there is one, until stop is called.
func (s metricsSettings) serveMetrics(handler http.Handler, log *slog.Logger) (stop func(), err error) {
	if s.MetricsAddr == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", s.MetricsAddr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; choose another --metrics-addr", s.MetricsAddr, err)
	}
	web := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, WriteTimeout: time.Minute}
	go func() {
		if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics", "err", err)
		}
	}()
	return func() {
		if err := web.Close(); err != nil {
			log.Error("metrics", "err", err)
		}
	}, nil
}
