# Scores by the distance from the midpoint that train.sh learnt.
set -e
read -r midpoint < "$ASSAY_MODEL/midpoint"
awk -F, -v midpoint="$midpoint" 'NR == 1 { print "score" } NR > 1 { print $2 - midpoint }' "$ASSAY_DATA" > "$ASSAY_OUT"
