package sarif

// The part of SARIF that is read. Numbers behind the names are sections of the
// standard.

type document struct {
	Version string `json:"version"` // 3.13.2
	Runs    []run  `json:"runs"`    // 3.13.4
}

type run struct {
	Tool        tool         `json:"tool"`                     // 3.14.6
	Invocations []invocation `json:"invocations"`              // 3.14.11
	Provenance  []revision   `json:"versionControlProvenance"` // 3.14.21
	Artifacts   []artifact   `json:"artifacts"`                // 3.14.15
	Results     *[]result    `json:"results"`                  // 3.14.23: absent where the tool did not scan
}

type tool struct {
	Driver     component   `json:"driver"`     // 3.18.2
	Extensions []component `json:"extensions"` // 3.18.3
}

type component struct {
	Name            string `json:"name"`            // 3.19.8
	Version         string `json:"version"`         // 3.19.13
	SemanticVersion string `json:"semanticVersion"` // 3.19.12
	Rules           []rule `json:"rules"`           // 3.19.23
}

type rule struct {
	ID      string `json:"id"` // 3.49.3
	Default struct {
		Level string `json:"level"` // 3.50.3
	} `json:"defaultConfiguration"` // 3.49.14
}

type invocation struct {
	Successful    *bool          `json:"executionSuccessful"`            // 3.20.14
	Ended         string         `json:"endTimeUtc"`                     // 3.20.8
	Overrides     []any          `json:"ruleConfigurationOverrides"`     // 3.20.5
	Execution     []notification `json:"toolExecutionNotifications"`     // 3.20.21
	Configuration []notification `json:"toolConfigurationNotifications"` // 3.20.22
}

type notification struct {
	Level string `json:"level"` // 3.58.6
}

type revision struct {
	ID string `json:"revisionId"` // 3.23.4
}

type artifact struct {
	Location struct {
		URI string `json:"uri"`
	} `json:"location"` // 3.24.2
}

type result struct {
	RuleID       string        `json:"ruleId"`        // 3.27.5
	RuleIndex    *int          `json:"ruleIndex"`     // 3.27.6
	Rule         reference     `json:"rule"`          // 3.27.7
	Kind         string        `json:"kind"`          // 3.27.9
	Level        string        `json:"level"`         // 3.27.10
	Baseline     string        `json:"baselineState"` // 3.27.24
	Suppressions []suppression `json:"suppressions"`  // 3.27.23
	Locations    []location    `json:"locations"`     // 3.27.12
}

type reference struct {
	ID        string `json:"id"`    // 3.52.4
	Index     *int   `json:"index"` // 3.52.5
	Component struct {
		Index *int `json:"index"` // 3.54.4
	} `json:"toolComponent"` // 3.52.7
}

type suppression struct {
	Status string `json:"status"` // 3.35.3
}

type location struct {
	Physical struct {
		Artifact struct {
			URI   string `json:"uri"`   // 3.4.3
			Index *int   `json:"index"` // 3.4.5
		} `json:"artifactLocation"` // 3.29.3
		Region struct {
			Line int `json:"startLine"` // 3.30.5
		} `json:"region"` // 3.29.4
	} `json:"physicalLocation"` // 3.28.3
}
