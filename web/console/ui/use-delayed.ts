import { useEffect, useState } from 'react';

/**
 * A value once it has stayed the same for a while, so that not every keystroke is a request.
 * @param delay in milliseconds
 */
export function useDelayed<Value>(value: Value, delay = 120): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return settled;
}
