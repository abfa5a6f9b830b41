package staff

// Tests hash some hundred passwords: the full cost of each would be minutes.
func init() { argonCost = cost{time: 1, memory: 64, threads: 1} }
