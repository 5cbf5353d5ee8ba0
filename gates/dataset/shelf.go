package dataset

// shelves hold hashes whose last bit is the sample, each followed by its label
// where labels are asked for. A shelf holds those that begin alike, so that
// counting them stays within the processor's cache. What is taken off leaves
// room for others: of half a gigabyte nothing should be left to collect.
type shelves struct {
	labels  int // 1 or 0
	held    int // hashes
	shelves [256]shelf
	free    []block
}

type (
	shelf []block
	block []uint64
)

// blockLength is even, so that no label is parted from its hash.
const blockLength = 1 << 9

func (s *shelves) put(hash, label uint64) {
	shelf := &s.shelves[hash>>56]
	last := len(*shelf) - 1
	if last < 0 || len((*shelf)[last]) == blockLength {
		*shelf = append(*shelf, s.empty())
		last++
	}
	(*shelf)[last] = append((*shelf)[last], hash)
	if s.labels > 0 {
		(*shelf)[last] = append((*shelf)[last], label)
	}
	s.held++
}

func (s *shelves) empty() block {
	last := len(s.free) - 1
	if last < 0 {
		return make(block, 0, blockLength)
	}
	taken := s.free[last]
	s.free = s.free[:last]
	return taken[:0]
}

// clear takes everything off one shelf.
func (s *shelves) clear(at int, take func(hash, label uint64)) {
	blocks := s.shelves[at]
	s.shelves[at] = nil
	for _, block := range blocks {
		s.held -= len(block) / (1 + s.labels)
		for i := 0; i < len(block); i += 1 + s.labels {
			label := uint64(0)
			if s.labels > 0 {
				label = block[i+1]
			}
			take(block[i], label)
		}
		s.free = append(s.free, block)
	}
}
