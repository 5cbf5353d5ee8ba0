package forge

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"
)

// Secrets are what deliveries are signed with. Several may count at once, so
// that a secret is changed without a gap: accept the new one, tell the forge,
// drop the old one. A provider without secrets is refused.
type Secrets map[Provider][]string

// Receiver takes the webhooks of forges. It answers 202 at once and hands over
// an [Event]; whatever it refuses or forgets is found by the next poll.
type Receiver struct {
	secrets Secrets
	deliver func(Event)
	clock   Clock
	seen    memory
	working chan struct{}
}

const (
	// MaxDelivery is the size of a delivery, in bytes. GitHub stops at 25 MB; a push of 2,048
	// commits has about 3.
	MaxDelivery = 4 << 20

	// Window is for how long a delivery is remembered, and how old one may be
	// that says its age. No forge delivers again by itself.
	Window = time.Hour

	maxDeliveries = 8192 // remembered
	maxWorking    = 16   // read at once, by whoever can reach us
	minSecret     = 16   // bytes

	readTimeout = 10 * time.Second // a slow sender holds one of the few places for so long
)

// NewReceiver hands events to deliver, which must not block: a controller
// adds a key to its queue.
func NewReceiver(secrets Secrets, deliver func(Event), clock Clock) (*Receiver, error) {
	for provider, accepted := range secrets {
		for _, secret := range accepted {
			if len(secret) < minSecret {
				return nil, fmt.Errorf("a secret for webhooks of %s is shorter than %d bytes", provider, minSecret)
			}
		}
	}
	return &Receiver{
		secrets: secrets, deliver: deliver, clock: clock,
		seen: memory{limit: maxDeliveries, window: Window}, working: make(chan struct{}, maxWorking),
	}, nil
}

// ServeHTTP answers 202 to what it believes, be it of use or not: a forge stops
// sending to whoever answers errors.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if request.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "webhooks are posted", http.StatusMethodNotAllowed)
		return
	}
	select {
	case r.working <- struct{}{}:
		defer func() { <-r.working }()
	default:
		w.Header().Set("Retry-After", "1")
		http.Error(w, "too many deliveries at once", http.StatusServiceUnavailable)
		return
	}
	// By the clock of the network; only a real connection has one.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(readTimeout))
	event, status, err := r.receive(w, request)
	if err != nil {
		http.Error(w, err.Error(), status)
		return
	}
	if event.Kind != other {
		r.deliver(event)
	}
	w.WriteHeader(http.StatusAccepted)
}

// receive gives the event, or none for what was delivered before.
func (r *Receiver) receive(w http.ResponseWriter, request *http.Request) (Event, int, error) {
	sender, known := identify(request.Header)
	if !known || len(r.secrets[sender.provider]) == 0 {
		return Event{}, http.StatusForbidden, errors.New("no webhooks of this kind are expected here")
	}
	if kind, _, err := mime.ParseMediaType(request.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return Event{}, http.StatusUnsupportedMediaType, errors.New("choose the content type application/json for the webhook")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, MaxDelivery))
	if err != nil {
		return Event{}, http.StatusRequestEntityTooLarge, fmt.Errorf("the delivery did not come whole, or has more than %d bytes", MaxDelivery)
	}
	if !sender.signed(body, r.secrets[sender.provider]) {
		return Event{}, http.StatusForbidden, errors.New("the signature does not hold: is the secret the same at both ends?")
	}
	event, at, err := parse(sender.provider, sender.event, body)
	if err != nil {
		return Event{}, http.StatusBadRequest, err
	}
	now := r.clock.Now()
	if !at.IsZero() && now.Sub(at) > Window {
		return Event{}, http.StatusBadRequest, errors.New("the delivery is too old: the forge is asked instead")
	}
	event.Delivery = sender.delivery
	if !r.seen.first(now, sender.keys(body)...) {
		return Event{}, http.StatusAccepted, nil
	}
	return event, http.StatusAccepted, nil
}
