# Learns the mean of the first feature (third column) by outcome (second).
set -e
test -s "$ASSAY_CONFIG"
awk -F, 'NR > 1 { sum[$2] += $3; n[$2]++ } END { printf "%.6f\n", (sum[0] / n[0] + sum[1] / n[1]) / 2 }' \
  "$ASSAY_DATA" > "$ASSAY_OUT/midpoint"
