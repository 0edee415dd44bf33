@NullMarked
package dev.openmemory.backup.internal.text;

import org.jspecify.annotations.NullMarked;
