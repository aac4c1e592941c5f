package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// document is the OpenAPI file, as far as the tests look into it.
type document struct {
	Paths      map[string]map[string]operation
	Components struct {
		Schemas   map[string]any
		Responses map[string]response
	}
}

type operation struct {
	Parameters []struct {
		Name, In string
		Required bool
		Schema   map[string]any
	}
	Responses map[string]response
}

type response struct {
	Ref     string `json:"$ref"`
	Content map[string]struct{ Schema map[string]any }
}

// resolve follows the reference of a shared response.
func (d *document) resolve(r response) response {
	if r.Ref != "" {
		return d.Components.Responses[r.Ref[strings.LastIndexByte(r.Ref, '/')+1:]]
	}
	return r
}

// check holds a value against a schema and gives the faults. It knows the
// keywords of JSON Schema that the document uses, and takes any other for a fault.
func (d *document) check(path string, schema map[string]any, v any) (faults []string) {
	fault := func(format string, args ...any) {
		faults = append(faults, path+": "+fmt.Sprintf(format, args...))
	}
	for _, keyword := range slices.Sorted(maps.Keys(schema)) {
		arg := schema[keyword]
		switch keyword {
		case "$ref":
			name := strings.TrimPrefix(arg.(string), "#/components/schemas/")
			target, ok := d.Components.Schemas[name].(map[string]any)
			if !ok {
				fault("no schema %s", name)
				continue
			}
			faults = append(faults, d.check(path, target, v)...)
		case "type":
			if !hasType(v, arg.(string)) {
				fault("%v is no %s", v, arg)
			}
		case "enum":
			if !slices.Contains(arg.([]any), v) {
				fault("%v is not in the enumeration", v)
			}
		case "pattern":
			if s, ok := v.(string); ok && !regexp.MustCompile(arg.(string)).MatchString(s) {
				fault("%q does not match %s", s, arg)
			}
		case "format":
			if s, ok := v.(string); ok && !hasFormat(s, arg.(string)) {
				fault("%q is no %s", s, arg)
			}
		case "minimum":
			if n, ok := v.(float64); ok && n < arg.(float64) {
				fault("%v is below %v", n, arg)
			}
		case "maximum":
			if n, ok := v.(float64); ok && n > arg.(float64) {
				fault("%v is above %v", n, arg)
			}
		case "minItems":
			if a, ok := v.([]any); ok && len(a) < int(arg.(float64)) {
				fault("%d items", len(a))
			}
		case "maxItems":
			if a, ok := v.([]any); ok && len(a) > int(arg.(float64)) {
				fault("%d items", len(a))
			}
		case "items":
			items, _ := v.([]any)
			for i, item := range items {
				faults = append(faults, d.check(fmt.Sprintf("%s[%d]", path, i), arg.(map[string]any), item)...)
			}
		case "oneOf":
			fits := 0
			for _, option := range arg.([]any) {
				if len(d.check(path, option.(map[string]any), v)) == 0 {
					fits++
				}
			}
			if fits != 1 {
				fault("fits %d of the options", fits)
			}
		case "required", "properties", "additionalProperties":
			// together, below
		case "description", "default":
		default:
			fault("the test does not know the keyword %s", keyword)
		}
	}
	return append(faults, d.checkMembers(path, schema, v)...)
}

func (d *document) checkMembers(path string, schema map[string]any, v any) (faults []string) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := object[name.(string)]; !ok {
			faults = append(faults, fmt.Sprintf("%s: no member %s", path, name))
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for name, member := range object {
		if s, ok := properties[name].(map[string]any); ok {
			faults = append(faults, d.check(path+"."+name, s, member)...)
		} else if schema["additionalProperties"] == false {
			faults = append(faults, fmt.Sprintf("%s: undocumented member %s", path, name))
		}
	}
	return faults
}

func hasType(v any, name string) bool {
	switch v := v.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case float64:
		return name == "number" || name == "integer" && v == math.Trunc(v)
	case []any:
		return name == "array"
	case map[string]any:
		return name == "object"
	}
	return false
}

func hasFormat(s, name string) bool {
	layout, ok := map[string]string{"date": time.DateOnly, "date-time": time.RFC3339}[name]
	_, err := time.Parse(layout, s)
	return ok && err == nil
}

func decode(b []byte) (any, error) {
	var v any
	err := json.Unmarshal(b, &v)
	return v, err
}
